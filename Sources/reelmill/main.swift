import Commands
import FoundationEssentials
import Glibc

let code = await ReelmillProgram.run(
  Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
// Not `exit`: it has libraries clean up while threads may still use them, such as one that makes a connection which
// nobody waits for any more.
fflush(nil)
_exit(code.rawValue)
