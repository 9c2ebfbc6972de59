import Documents
import Testing

@Suite struct LanguageGuessTests {
  @Test(
    arguments: [
      (.english, "The workshop is open from nine to five, and you can bring your own tools with you."),
      (.german, "Die Werkstatt ist von neun bis fünf geöffnet, und man kann sein eigenes Werkzeug mitbringen."),
      (.french, "L'atelier est ouvert de neuf à cinq heures et vous pouvez apporter vos outils avec vous."),
      (.spanish, "El taller está abierto de nueve a cinco y se puede traer las herramientas de uno."),
      (.italian, "Il laboratorio è aperto dalle nove alle cinque e si possono portare gli attrezzi con sé."),
      (.portuguese, "A oficina está aberta das nove às cinco e você também pode trazer as suas ferramentas."),
      (.dutch, "De werkplaats is open van negen tot vijf en je kunt ook je eigen gereedschap meenemen."),
      (.swedish, "Verkstaden är öppen från nio till fem och man kan ta med sig sina egna verktyg också."),
      (.danish, "Værkstedet er åbent fra ni til fem, og man kan også tage sit eget værktøj med, hvad der er noget."),
      (.norwegian, "Verkstedet er åpent fra ni til fem, og noen av oss har også med seg verktøy nå, etter hva hun sa."),
      (
        .finnish, "Verstas on auki yhdeksästä viiteen, ja myös omat työkalut voi ottaa mukaan jos ne ovat hyvin pieniä."
      ),
      (.turkish, "Atölye saat dokuzdan beşe kadar açık ve kendi aletlerinizi de getirebilirsiniz, bu çok iyi bir şey."),
      (.indonesian, "Bengkel ini buka dari pukul sembilan dan anda juga bisa membawa alat yang lain untuk kita."),
      (.russian, "Мастерская открыта с девяти до пяти, и вы можете принести свои инструменты."),
      (.serbian, "Радионица је отворена од девет до пет, а можете донети и свој алат ђаку њеном."),
      (.greek, "Το εργαστήριο είναι ανοιχτό από τις εννέα έως τις πέντε."),
      (.arabic, "الورشة مفتوحة من التاسعة حتى الخامسة"),
      (.hindi, "कार्यशाला नौ से पाँच बजे तक खुली है और आप अपने औज़ार ला सकते हैं।"),
    ] as [(TextLanguage, String)])
  func `a sentence tells its language`(_ language: TextLanguage, _ text: String) {
    #expect(LanguageGuess.language(of: text) == language)
  }

  @Test(arguments: [
    "", "42", "Reelmill", "xkcd qwerty zxcvb", "这是一个句子。", "Привіт, як справи? Дуже добре, дякую і вам.",
  ])
  func `in doubt it is simple`(_ text: String) {
    #expect(LanguageGuess.language(of: text) == .simple)
  }
}
