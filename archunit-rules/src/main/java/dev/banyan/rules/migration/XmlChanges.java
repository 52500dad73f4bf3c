package dev.banyan.rules.migration;

import dev.banyan.rules.resource.XmlFiles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;

/** Reads a changelog in XML. Nothing outside of the file is loaded. */
final class XmlChanges extends XmlFiles {

  private static final class Open {

    private final String name;
    private final int line;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();
    private final List<Change> children = new ArrayList<>();

    private Open(String name, int line) {
      this.name = name;
      this.line = line;
    }

    private Change closed() {
      return new Change(name, attributes, text.toString(), children, line);
    }
  }

  private final Deque<Open> open = new ArrayDeque<>();
  private @Nullable Locator locator;
  private @Nullable Change root;

  private XmlChanges() {}

  /** Returns the root; nothing if the text is no XML. */
  static Optional<Change> read(String xml) {
    var changes = new XmlChanges();
    try {
      parse(xml, changes);
    } catch (SAXException notXml) {
      return Optional.empty();
    }
    return Optional.ofNullable(changes.root);
  }

  @Override
  public void setDocumentLocator(Locator documentLocator) {
    locator = documentLocator;
  }

  @Override
  public void startElement(String uri, String localName, String element, Attributes attributes) {
    Open begun = new Open(element.substring(element.indexOf(':') + 1), locator == null ? 1 : locator.getLineNumber());
    for (int i = 0; i < attributes.getLength(); i++) {
      begun.attributes.put(attributes.getQName(i), attributes.getValue(i));
    }
    open.push(begun);
  }

  @Override
  public void characters(char[] characters, int start, int length) {
    Open current = open.peek();
    if (current != null) {
      current.text.append(characters, start, length);
    }
  }

  @Override
  public void endElement(String uri, String localName, String element) {
    Change closed = open.pop().closed();
    Open parent = open.peek();
    if (parent == null) {
      root = closed;
    } else {
      parent.children.add(closed);
    }
  }
}
