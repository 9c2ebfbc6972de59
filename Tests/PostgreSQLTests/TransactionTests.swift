import PostgreSQL
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct TransactionTests {
  struct Refusal: Error, Equatable {}

  @Test func `what the body did is there after it returned`() async throws {
    try await withClient { client in
      try await client.query("create table t (id int8)")
      let value = try await client.withTransaction { transaction in
        try await transaction.query("insert into t values (1)")
        try await transaction.query("insert into t values (2)")
        return "done"
      }
      #expect(value == "done")
      #expect(try await client.query("select count(*) from t", as: Int.self) == [2])
    }
  }

  @Test func `what the body did is gone after it threw, and the error is the body's`() async throws {
    try await withClient { client in
      try await client.query("create table t (id int8)")
      let error = await transactionError { () throws(PostgresTransactionError<any Error>) in
        try await client.withTransaction { transaction in
          try await transaction.query("insert into t values (1)")
          throw Refusal()
        }
      }
      guard case .body(let cause, conflict: nil, rollback: nil)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause is Refusal)
      #expect(try await client.query("select count(*) from t", as: Int.self) == [0])
    }
  }

  @Test func `after a statement failed the rest is refused, and a body that hides it cannot commit`() async throws {
    try await withClient { client in
      let error = await transactionError { () throws(PostgresTransactionError<any Error>) in
        try await client.withTransaction { transaction in
          _ = try? await transaction.query("select 1/0")
          let second = try await postgresError { try await transaction.query("select 1") }
          #expect(second?.serverError?.sqlState == .inFailedTransaction)
        }
      }
      guard case .commit(.server(let cause))? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.sqlState.rawValue == "22012")
    }
  }

  @Test func `isolation and read-only are as asked for`() async throws {
    try await withClient { client in
      let (level, readOnly) = try await client.withTransaction(isolation: .serializable, isReadOnly: true) {
        transaction in
        try await transaction.query(
          "select current_setting('transaction_isolation'), current_setting('transaction_read_only')",
          as: (String, String).self)[0]
      }
      #expect(level == "serializable")
      #expect(readOnly == "on")
    }
  }

  @Test func `statements sent at once belong to the transaction, the first of them brings its BEGIN`() async throws {
    try await withClient { client in
      let transactions = try await client.withTransaction { transaction in
        try await withThrowingTaskGroup(of: String.self) { group in
          for _ in 0..<20 {
            group.addTask { try await transaction.query("select pg_current_xact_id()::text", as: String.self)[0] }
          }
          return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
      }
      #expect(transactions.count == 1)
    }
  }

  @Test func `a serialization failure is tried again`() async throws {
    try await withClient { client in
      try await client.query("create table t (id int8 primary key, value int8)")
      try await client.query("insert into t values (1, 0)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<6 {
          group.addTask {
            try await client.withTransaction(isolation: .serializable, attempts: 50) { transaction in
              let value = try await transaction.query("select value from t where id = 1", as: Int.self)[0]
              try await transaction.query("update t set value = \(value + 1) where id = 1")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await client.query("select value from t", as: Int.self) == [6])
    }
  }

  @Test func `a deadlock is tried again`() async throws {
    try await withClient(configure: { $0.settings = ["deadlock_timeout": "50ms"] }) { client in
      try await client.query("create table t (id int8 primary key, value int8)")
      try await client.query("insert into t values (1, 0), (2, 0)")
      let gate = Gate()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for order in [[1, 2], [2, 1]] {
          group.addTask {
            try await client.withTransaction(attempts: 10) { transaction in
              try await transaction.query("update t set value = value + 1 where id = \(order[0])")
              await gate.arrive()
              try await transaction.query("update t set value = value + 1 where id = \(order[1])")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await client.query("select value from t", as: Int.self) == [2, 2])
    }
  }

  @Test func `a connection that dies during COMMIT leaves the outcome unknown`() async throws {
    try await withClient { client in
      // A deferred trigger runs within COMMIT.
      try await client.query("create table t (id int8)")
      try await client.query(
        """
        create function die() returns trigger language plpgsql as
        $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$
        """)
      try await client.query(
        "create constraint trigger dies after insert on t deferrable initially deferred for each row execute function die()"
      )
      let error = await transactionError { () throws(PostgresTransactionError<any Error>) in
        try await client.withTransaction { transaction in _ = try await transaction.query("insert into t values (1)") }
      }
      guard case .commitOutcomeUnknown? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error?.consequence == .outcomeUnknown)
      #expect(try await client.query("select count(*) from t", as: Int.self) == [0])
    }
  }

  @Test func `a constraint that is checked at COMMIT fails there, and names itself`() async throws {
    try await withClient { client in
      try await client.query("create table t (id int8 constraint late unique deferrable initially deferred)")
      let error = await transactionError { () throws(PostgresTransactionError<any Error>) in
        try await client.withTransaction { transaction in
          _ = try await transaction.query("insert into t values (1), (1)")
        }
      }
      guard case .commit(.server(let cause))? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.constraint == "late")
      #expect(try await client.query("select count(*) from t", as: Int.self) == [0])
    }
  }

  @Test func `a transaction that left its scope does nothing`() async throws {
    try await withClient { client in
      let leaked = try await client.withTransaction { $0 }
      let error = try await postgresError { try await leaked.query("select 1") }
      #expect(error?.description.contains("must not leave the body") == true)
    }
  }
}

/// Lets two through once both have come.
actor Gate {
  private var waiting: CheckedContinuation<Void, Never>?
  private var isOpen = false

  func arrive() async {
    if isOpen { return }
    if let first = waiting {
      isOpen = true
      waiting = nil
      first.resume()
      return
    }
    await withCheckedContinuation { waiting = $0 }
  }
}
