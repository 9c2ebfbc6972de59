/// The commonest words of the languages that are written in Latin letters.
enum StopWords {
  /// The languages that have a word among their commonest.
  static let languages: [String: [TextLanguage]] = {
    var languages: [String: [TextLanguage]] = [:]
    for (language, words) in lists {
      for word in words.split(separator: " ") { languages[String(word), default: []].append(language) }
    }
    return languages
  }()

  private static let lists: [(TextLanguage, String)] = [
    (
      .english,
      "the of and to in is that it was for on are as with his they at be this have from or had by but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more go see no could my than been who its now did get come made may this you he i"
    ),
    (
      .german,
      "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich wir ihr was kann gegen schon wenn"
    ),
    (
      .french,
      "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la les avec son cette ou mais comme être ont aux nous vous elle ses était leur deux on fait sans je tout bien ces même c'est été à d l qu n s"
    ),
    (
      .spanish,
      "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto es era son fue"
    ),
    (
      .italian,
      "di e il la che in un a per è una non sono del da con si le i della al lo dei come più nel alla gli ha ma anche se delle o su dal questo ci sua suo nella ed era io hanno stato essere questa quando fatto tutti molto dopo degli perché cosa l d"
    ),
    (
      .portuguese,
      "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você"
    ),
    (
      .dutch,
      "de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu geen omdat iets worden toch al waren veel meer doen moet wordt"
    ),
    (
      .swedish,
      "och det att i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du henne då sin nu har inte hans honom skulle hennes där min man ej vid kunde något från ut när efter upp vi dem vara vad över än dig kan sina här ha mot alla under någon eller allt mycket"
    ),
    (
      .danish,
      "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være dog noget ville jo deres efter ned skulle denne end dette mit også under have dig anden meget kan så være bliver mange nogle hvis mere disse"
    ),
    (
      .norwegian,
      "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men ett har om vi min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv sjøl her alle vil bli ble blitt kunne inn når være kom noen noe ville deres etter ned skulle denne også være mange noen hvis mer disse deg"
    ),
    (
      .finnish,
      "ja on ei se että hän oli en mutta ovat kun niin myös tai joka mitä sen hänen olen minä sitä ole vain jos sinä kuin he nyt tämä sekä olla mukaan jo vielä ollut kanssa voi siitä ovat hyvin kaikki tässä mikä miten me minun sitten koska jotka siellä täällä aina joten"
    ),
    (
      .hungarian,
      "a az és hogy nem is egy ez azt csak már mint meg volt de ha vagy ezt még kell el van minden lehet akkor ki fel nagyon amely után több majd ami mert olyan be sem itt lesz aki között alatt szerint pedig voltak ezek ott úgy ő én mi"
    ),
    (
      .romanian,
      "și în de la a cu pe nu este o care un să din mai ce pentru că se sunt fi au prin dar am era după sau ca al lui până fost fără foarte acest această toate când lor unui unei ale fie doar cum îi și"
    ),
    (
      .catalan,
      "de la i el que a en un per les els una amb és del no al es dels més com se va seu són però ha aquest seva aquesta també o hi ser entre fins sobre quan tot pel molt nostre on seus han era dues això ens ja sense"
    ),
    (
      .indonesian,
      "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih telah oleh sudah atau kita seperti sebagai kami adalah para dapat hanya orang saat harus menjadi kata anda banyak secara satu"
    ),
    (
      .turkish,
      "ve bir bu da de için ile çok daha olarak gibi en ne kadar olan sonra var ama o ben mi her değil şey diye ya ki biz sen onun bunu yok ise olduğu bana nasıl şu veya hiç göre olduğunu ancak"
    ),
  ]
}
