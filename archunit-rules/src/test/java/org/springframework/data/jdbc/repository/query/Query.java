package org.springframework.data.jdbc.repository.query;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands for the library's annotation of this name. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Query {

  String value();
}
