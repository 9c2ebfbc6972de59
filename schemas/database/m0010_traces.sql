-- The W3C trace context in which a run was parked, so that its next message belongs to the same trace.
alter table run add column trace text;
