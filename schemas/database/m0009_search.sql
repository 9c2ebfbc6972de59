-- A query is read in the languages that passages are in, and in no other.
create index passage_language on passage (language);
