internal import CRabbitMQ

extension Arena {
  mutating func table(_ table: FieldTable) -> amqp_table_t {
    let entries = allocate(table.count, of: amqp_table_entry_t.self)
    // Sorted, so that equal tables are equal on the wire.
    for (index, (key, value)) in table.sorted(by: { $0.key < $1.key }).enumerated() {
      entries.initializeElement(at: index, to: amqp_table_entry_t(key: bytes(key), value: field(value)))
    }
    return amqp_table_t(num_entries: Int32(entries.count), entries: entries.baseAddress)
  }

  private mutating func field(_ value: FieldValue) -> amqp_field_value_t {
    var field = amqp_field_value_t()
    switch value {
    case .boolean(let value):
      field.kind = .init(AMQP_FIELD_KIND_BOOLEAN.rawValue)
      field.value.boolean = value ? 1 : 0
    case .integer(let value):
      field.kind = .init(AMQP_FIELD_KIND_I64.rawValue)
      field.value.i64 = value
    case .double(let value):
      field.kind = .init(AMQP_FIELD_KIND_F64.rawValue)
      field.value.f64 = value
    case .decimal(let unscaled, let scale):
      field.kind = .init(AMQP_FIELD_KIND_DECIMAL.rawValue)
      field.value.decimal = amqp_decimal_t(decimals: scale, value: unscaled)
    case .string(let value):
      field.kind = .init(AMQP_FIELD_KIND_UTF8.rawValue)
      field.value.bytes = bytes(value)
    case .bytes(let value):
      field.kind = .init(AMQP_FIELD_KIND_BYTES.rawValue)
      field.value.bytes = copy(value)
    case .timestamp(let seconds):
      field.kind = .init(AMQP_FIELD_KIND_TIMESTAMP.rawValue)
      field.value.u64 = seconds
    case .array(let values):
      let elements = allocate(values.count, of: amqp_field_value_t.self)
      for (index, value) in values.enumerated() { elements.initializeElement(at: index, to: self.field(value)) }
      field.kind = .init(AMQP_FIELD_KIND_ARRAY.rawValue)
      field.value.array = amqp_array_t(num_entries: Int32(elements.count), entries: elements.baseAddress)
    case .table(let value):
      field.kind = .init(AMQP_FIELD_KIND_TABLE.rawValue)
      field.value.table = table(value)
    case .void:
      field.kind = .init(AMQP_FIELD_KIND_VOID.rawValue)
    }
    return field
  }
}

extension FieldTable {
  /// A copy of a table of librabbitmq; the last of equal keys counts.
  init(_ table: amqp_table_t) {
    self.init()
    for entry in UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries)) {
      self[entry.key.text] = FieldValue(entry.value)
    }
  }
}

extension FieldValue {
  /// A copy of a value of librabbitmq, whose decoder lets known kinds through only.
  init(_ field: amqp_field_value_t) {
    switch UInt32(field.kind) {
    case AMQP_FIELD_KIND_BOOLEAN.rawValue: self = .boolean(field.value.boolean != 0)
    case AMQP_FIELD_KIND_I8.rawValue: self = .integer(Int64(field.value.i8))
    case AMQP_FIELD_KIND_U8.rawValue: self = .integer(Int64(field.value.u8))
    case AMQP_FIELD_KIND_I16.rawValue: self = .integer(Int64(field.value.i16))
    case AMQP_FIELD_KIND_U16.rawValue: self = .integer(Int64(field.value.u16))
    case AMQP_FIELD_KIND_I32.rawValue: self = .integer(Int64(field.value.i32))
    case AMQP_FIELD_KIND_U32.rawValue: self = .integer(Int64(field.value.u32))
    case AMQP_FIELD_KIND_I64.rawValue: self = .integer(field.value.i64)
    case AMQP_FIELD_KIND_U64.rawValue: self = .integer(Int64(clamping: field.value.u64))
    case AMQP_FIELD_KIND_F32.rawValue: self = .double(Double(field.value.f32))
    case AMQP_FIELD_KIND_F64.rawValue: self = .double(field.value.f64)
    case AMQP_FIELD_KIND_DECIMAL.rawValue:
      self = .decimal(unscaled: field.value.decimal.value, scale: field.value.decimal.decimals)
    case AMQP_FIELD_KIND_UTF8.rawValue: self = .string(field.value.bytes.text)
    case AMQP_FIELD_KIND_BYTES.rawValue: self = .bytes(field.value.bytes.copied)
    case AMQP_FIELD_KIND_TIMESTAMP.rawValue: self = .timestamp(field.value.u64)
    case AMQP_FIELD_KIND_ARRAY.rawValue:
      let elements = field.value.array
      self = .array(
        UnsafeBufferPointer(start: elements.entries, count: Int(elements.num_entries)).map { FieldValue($0) })
    case AMQP_FIELD_KIND_TABLE.rawValue: self = .table(FieldTable(field.value.table))
    default: self = .void
    }
  }
}
