package shop;

/** The modules that this process was told to run are not there, or cannot do without others. */
final class UnusableModulesException extends RuntimeException {

  private final String remedy;

  UnusableModulesException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  String remedy() {
    return remedy;
  }
}
