-- What search reads: one row a passage, and a vector table a model.

create table passage (
  id           bigint generated always as identity primary key,
  asset        uuid not null,
  -- Access, title and tags come from the root at query time.
  root         uuid not null,
  ordinal      int not null,
  modality     text not null check (modality in ('speech', 'on-screen', 'visual', 'text', 'title')),
  -- Where: a time span in the root's time line, or a path of headings.
  start_ms     bigint,
  end_ms       bigint,
  section      text,
  language     regconfig not null,
  text         text not null,
  digest       bytea not null,
  -- Of section and text in lower case and compatibility form (NFKC), whatever the database's locale makes of case.
  words        tsvector not null,
  -- Checked at commit: passages change their places among each other.
  unique (asset, ordinal) deferrable initially deferred
);
create index passage_words on passage using gin (words);
create index passage_root on passage (root);

-- The vector of a text is made once in its organisation, whatever asset it stands in.
create table embedding (
  organisation  text not null,
  model         text not null,
  digest        bytea not null,
  vector        halfvec not null,
  primary key (organisation, model, digest)
);

-- The searchable vectors of all-MiniLM-L6-v2.
create table vector_minilm (
  passage       bigint primary key references passage on delete cascade,
  -- Of the asset, which never changes it: a small organisation's vectors are compared one by one.
  organisation  text not null,
  vector        halfvec(384) not null
);
create index vector_minilm_organisation on vector_minilm (organisation);
create index vector_minilm_nearest on vector_minilm using hnsw (vector halfvec_cosine_ops);
