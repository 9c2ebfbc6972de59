import Commands
import FoundationEssentials
import Glibc

let code = await ReelmillProgram.run(
  Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
exit(code.rawValue)
