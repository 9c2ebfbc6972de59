import Testing

/// Real broker, database and workers, and what breaks them. Suites of scenarios are extensions of this one: they share
/// its services and follow each other, because what one breaks is broken for all.
@Suite(.serialized, .faultServices) struct Faults {}
