import Arguments
import Testing
import Text

@Suite struct HelpTests {
  @Test func `help shows usage, arguments, options by group, examples and exit codes`() {
    #expect(
      sample.help(for: ["dlq", "list"], width: 80) == """
        List dead letters, newest first.

        Usage: reelmill dlq list [options] <stage> [id…]

        Dead letters are work that was given up on.

          .starts with a dot
        \\(back) 'quoted

        Arguments:
          <stage>  The stage. (one of transcribe, label)
          <id>     Dead letters.

        Options:
          -n, --limit <n>         How many to show. (1 to 100; default 10)
              --lane <live|bulk>  The lane: it's "live" or bulk; costs $5 `now`.
                                  (default live)
          -q, --quiet             Print ids alone.
          -o, --output <file>     Where to write.

        Filters:
              --since <duration>  Only those of the last while.
          -a, --asset <text>      Only of this asset.

        Global options:
          -v, --verbose                    Say more.
              --color <auto|always|never>  Colour. (default auto)
          -h, --help                       Show this help.

        Examples:
          reelmill dlq list --limit 5 transcribe
              The last five of transcription.

        Exit codes:
          0   done
          1   failed, or a check did not pass
          2   cancelled by a person or a signal
          4   not allowed
          64  the command line is wrong
          69  a service or a tool is missing or does not answer
          70  an error in the program itself
          74  reading or writing failed
          78  the configuration is wrong

        """)
  }

  @Test(arguments: [1, 40, 60, 80, 100, 10_000])
  func `prose keeps to the width`(width: Int) {
    for path in [[], ["dlq"], ["dlq", "list"], ["up"]] {
      let lines = sample.help(for: path, width: width).split(separator: "\n").filter { !$0.hasPrefix("Usage") }
      #expect(lines.allSatisfy { String($0).displayWidth <= min(max(width, 40), 100) })
    }
  }

  @Test func `the program's help lists its commands and the built-in options`() {
    let help = sample.help(width: 80)
    #expect(help.contains("  up   run everything\n  dlq  look at dead letters\n"))
    #expect(help.contains("--version"))
    #expect(sample.help(for: ["nowhere"], width: 80) == help)
  }
}
