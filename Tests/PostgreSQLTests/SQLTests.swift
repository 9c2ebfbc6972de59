import PostgreSQL
import Testing

@Suite struct SQLTests {
  @Test func `what is interpolated becomes a parameter, never text`() {
    let name = "x'; drop table asset; --"
    let statement: SQL = "select * from asset where name = \(name) and size > \(5)"
    #expect(statement.text == "select * from asset where name = $1 and size > $2")
  }

  @Test func `raw text needs the word for it, and names are quoted`() {
    let statement: SQL = "select \(identifier: "a\"b") from t \(unescaped: "order by 1")"
    #expect(statement.text == "select \"a\"\"b\" from t order by 1")
  }

  @Test func `a statement within a statement keeps its parameters, numbered anew`() {
    let condition: SQL = "owner = \("me") and deleted = \(false)"
    let statement: SQL = "select \(1) from asset where \(condition) limit \(10)"
    #expect(statement.text == "select $1 from asset where owner = $2 and deleted = $3 limit $4")
  }

  @Test func `statements are joined`() {
    var statement: SQL = "select \(1)"
    statement += " union select \(2)"
    #expect((statement + " union select \(3)").text == "select $1 union select $2 union select $3")
  }
}
