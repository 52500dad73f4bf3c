package org.jdbi.v3.sqlobject.statement;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands for the library's annotation of this name. */
@Retention(RetentionPolicy.RUNTIME)
public @interface SqlQuery {

  String value();
}
