internal import CBLAS
internal import Glibc

/// How this process uses OpenBLAS.
enum Kernels {
  /// Prepares the library when it is first read, which must be before the first product.
  static let prepared: Void = {
    openblas_set_num_threads(1)
    if isTooModest { useWideVectors() }
  }()

  /// The name of the processor whose kernels are used, such as `SkylakeX`.
  static var name: String { String(cString: openblas_get_corename()) }

  /// OpenBLAS chooses by the processor's model. One that is younger than the library gets kernels for AVX2 at most,
  /// which are half as fast as what it could run. Somebody's own choice stands.
  private static var isTooModest: Bool {
    getenv(variable) == nil && processor_has_avx512() && ["Haswell", "Zen", "Prescott", "Barcelona"].contains(name)
  }

  private static let variable = "OPENBLAS_CORETYPE"

  private static func useWideVectors() {
    // Other threads may read the environment meanwhile: the first new variable of a process goes into a copy of it,
    // and the original stays where it is.
    setenv(variable, "SkylakeX", 0)
    openblas_choose_kernels_again()
  }
}
