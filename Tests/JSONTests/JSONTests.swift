import JSON
import Testing

@Suite struct JSONTests {}
