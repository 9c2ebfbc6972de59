package import PostgreSQL

/// The statements of a search: the first finds places, the second reads the texts of those that are shown.
///
/// Their plans must not depend on what the planner happens to believe of tables that are fresh, or much larger for one
/// organisation than for another. So what decides on them is fixed here: conditions that belong to a row are subqueries
/// in its filter, which are never made joins; and the settings rule the worst out. Then one plan serves all queries,
/// and none is planned again.
package struct SearchStatement: Sendable {
  private let query: SearchQuery
  private let organisation: String
  private let vector: [Float]?
  private let model: EmbeddingModel
  private let limits: SearchLimits

  package init(
    query: SearchQuery, organisation: String, vector: [Float]?, model: EmbeddingModel = .miniLM,
    limits: SearchLimits = SearchLimits()
  ) {
    self.query = query
    self.organisation = organisation
    self.vector = vector
    self.model = model
    self.limits = limits
  }

  /// Sets, for the transaction, what the statements rely on.
  package var settings: SQL {
    """
    select set_config(name, value, true) from (values
      ('hnsw.ef_search', \(String(min(max(candidates, 40), 1000)))),
      ('hnsw.iterative_scan', 'strict_order'),
      ('hnsw.max_scan_tuples', \(String(limits.scannedVectors))),
      ('work_mem', '32MB'),
      ('enable_seqscan', 'off'),
      ('plan_cache_mode', 'force_generic_plan'),
      ('max_parallel_workers_per_gather', '0'),
      ('jit', 'off'),
      ('client_min_messages', 'warning')) as settings (name, value)
    """
  }

  /// The best passages by words, and the best by meaning, that are looked at.
  private var candidates: Int { limits.candidatesForOne * max(query.limit, SearchLimits.fewestHits) }

  /// The strongest passages, strongest first.
  package var places: SQL {
    """
    with recursive \(queries), \(textHits), \(vectorHits), fused as (
      select id, t.place as text_rank, v.place as vector_rank, v.similarity,
        coalesce(1 / (60 + t.place)::float8, 0) + coalesce(1 / (60 + v.place)::float8, 0) as score
      from text_hit t full join vector_hit v using (id)
      order by score desc, id limit \(Int64(candidates * 2)))
    select f.id, f.text_rank, f.vector_rank, f.similarity, f.score, p.asset, p.root, r.title, r.media_type, p.modality,
      p.start_ms, p.end_ms, p.section
    from fused f join passage p on p.id = f.id join asset r on r.id = p.root
    order by f.score desc, f.id
    """
  }

  /// The texts of passages, with marks around the words of the query.
  ///
  /// Where none of the words occurs a text is not parsed for them, which takes longer than all the rest.
  package func texts(of passages: [Int64]) -> SQL {
    let (start, stop) = (String(HighlightedText.start), String(HighlightedText.stop))
    return """
      with recursive \(queries)
      select p.id, case when p.words @@ q.any_word
        then ts_headline(p.language, translate(p.text, \(start + stop), ''), q.any_word,
          \("HighlightAll=true, StartSel=\(start), StopSel=\(stop)"))
        else p.text end as marked
      from passage p left join query q on q.language = p.language where p.id = any(\(passages)::int8[])
      """
  }

  /// The query in each language that passages are in, and in any of them.
  private var queries: SQL {
    """
    spoken (language) as (
      (select language from passage order by language limit 1)
      union all
      select (select p.language from passage p where p.language > s.language order by p.language limit 1)
      from spoken s where s.language is not null),
    query as materialized (
      select language, demands, any_word, case when numnode(positive) > 0 then positive && demands end as words
      from (
        select language, websearch_to_tsquery(language, normalize(\(query.positive)::text, NFKC)) as positive,
          websearch_to_tsquery(language, normalize(\(query.anyWord)::text, NFKC)) as any_word,
          websearch_to_tsquery(language, normalize(\(query.demands)::text, NFKC)) as demands
        from spoken where language is not null) as readings),
    any_language as materialized (
      select string_agg(distinct '(' || words::text || ')', ' | ')::tsquery as words from query)
    """
  }

  private var textHits: SQL {
    """
    matched as materialized (
      select p.id,
        (select ts_rank_cd(p.words, q.words, 1) from query q where q.language = p.language)
          * case when p.modality = 'title' then 2 else 1 end as rank
      from passage p
      where p.words @@ (select words from any_language)
        and (select p.words @@ q.words from query q where q.language = p.language)
        and \(isVisible)
      limit \(Int64(limits.matches))),
    text_hit as (
      select id, row_number() over (order by rank desc, id) as place from matched
      order by rank desc, id limit \(Int64(candidates)))
    """
  }

  private var vectorHits: SQL {
    guard let vector = vector.map(HalfVector.init) else {
      return "vector_hit as (select null::int8 as id, null::int8 as place, null::float8 as similarity where false)"
    }
    let table: SQL = "\(identifier: model.table)"
    let distance: SQL = "v.vector <=> \(vector)::halfvec(\(unescaped: String(model.dimension)))"
    let isWanted: SQL = "(select \(isVisible) and \(meetsDemands) from passage p where p.id = v.passage)"
    let candidates = Int64(candidates)
    // One branch or the other is run. In the first, sorting comes before the costlier filter; in the second,
    // `is true` keeps the planner from the index on organisations, so that only the vectors' own is left.
    return """
      size as materialized (
        select exists (
          select from \(table) where organisation = \(organisation)
          offset \(Int64(limits.exactVectors))) as is_large),
      few as (
        select passage, distance from (
          select passage, \(distance) as distance from \(table) v
          where v.organisation = \(organisation) and not (select is_large from size)
          order by (\(distance)) + 0 offset 0) as v
        where \(isWanted) limit \(candidates)),
      many as (
        select passage, \(distance) as distance from \(table) v
        where (v.organisation = \(organisation)) is true and (select is_large from size) and \(isWanted)
        order by \(distance) limit \(candidates)),
      vector_hit as (
        select passage as id, row_number() over (order by distance, passage) as place, 1 - distance as similarity
        from (select * from few union all select * from many) as nearest
        where distance <= \(1 - model.relatedness))
      """
  }

  /// Whether the passage `p` may be found: it and its root are active, and of the organisation and the types.
  private var isVisible: SQL {
    let types = query.mediaTypes.map(\.rawValue).sorted()
    let ofTypes: SQL =
      types.isEmpty ? "true" : "(r.media_type = any(\(types)::text[]) or a.media_type = any(\(types)::text[]))"
    return """
      (select r.organisation = \(organisation) and r.lifecycle = 'active' and a.lifecycle = 'active' and \(ofTypes)
        from asset a, asset r where a.id = p.asset and r.id = p.root)
      """
  }

  /// Whether the passage `p` has the phrases, and nothing that is excluded.
  private var meetsDemands: SQL {
    guard !query.demands.isEmpty else { return "true" }
    return "(select numnode(q.demands) = 0 or p.words @@ q.demands from query q where q.language = p.language)"
  }
}
