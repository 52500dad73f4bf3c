package org.jooq;

/** Stands for the library's type of this name. */
public interface Table {}
