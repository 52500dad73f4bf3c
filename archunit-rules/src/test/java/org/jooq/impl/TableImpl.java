package org.jooq.impl;

import org.jooq.Name;
import org.jooq.Table;

/** Stands for the library's type of this name. */
public class TableImpl implements Table {

  protected TableImpl(Name name) {}
}
