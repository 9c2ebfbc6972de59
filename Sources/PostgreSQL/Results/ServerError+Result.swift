internal import CPostgreSQL

/// The fields of an error report, by their letters in the protocol (`PG_DIAG_…` in postgres_ext.h).
private enum ReportField: Unicode.Scalar {
  case severity = "S"
  case severityUntranslated = "V"
  case sqlState = "C"
  case message = "M"
  case detail = "D"
  case hint = "H"
  case position = "P"
  case schema = "s"
  case table = "t"
  case column = "c"
  case constraint = "n"
  case routine = "R"

  func text(of result: OpaquePointer?) -> String? {
    PQresultErrorField(result, Int32(rawValue.value)).map { String(cString: $0) }
  }
}

extension PostgresServerError {
  /// Reads the report of a failed result; nil if libpq made the result itself, without a report of the server.
  init?(reportIn result: OpaquePointer?) {
    guard let state = ReportField.sqlState.text(of: result) else { return nil }
    self.init(
      sqlState: SQLState(rawValue: state),
      severity: ReportField.severityUntranslated.text(of: result) ?? ReportField.severity.text(of: result) ?? "ERROR",
      message: ReportField.message.text(of: result) ?? "",
      detail: ReportField.detail.text(of: result),
      hint: ReportField.hint.text(of: result),
      schema: ReportField.schema.text(of: result),
      table: ReportField.table.text(of: result),
      column: ReportField.column.text(of: result),
      constraint: ReportField.constraint.text(of: result),
      position: ReportField.position.text(of: result).flatMap { Int($0) },
      routine: ReportField.routine.text(of: result))
  }
}

extension PostgresNotice {
  init(reportIn result: OpaquePointer?) {
    self.init(
      severity: ReportField.severityUntranslated.text(of: result) ?? "NOTICE",
      sqlState: SQLState(rawValue: ReportField.sqlState.text(of: result) ?? "00000"),
      message: ReportField.message.text(of: result) ?? "")
  }
}
