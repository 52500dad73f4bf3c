package org.jooq.impl;

import org.jooq.Name;
import org.jooq.Schema;

/** Stands for the library's type of this name. */
public class SchemaImpl implements Schema {

  protected SchemaImpl(Name name) {}
}
