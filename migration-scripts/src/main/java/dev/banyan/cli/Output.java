package dev.banyan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;

/** Where a command writes: sentences for people, or one JSON object for programs. */
final class Output {

  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final PrintWriter out;
  private final boolean json;

  Output(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /** Writes a sentence; a program does not see it. */
  void say(String sentence) {
    if (!json) {
      out.println(sentence);
      out.flush();
    }
  }

  /** Writes the answer: an object for programs, or the text for people. */
  void answer(Object object, String text) {
    out.println(json ? json(object) : text);
    out.flush();
  }

  private static String json(Object object) {
    try {
      return JSON.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
