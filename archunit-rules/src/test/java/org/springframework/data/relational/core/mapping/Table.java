package org.springframework.data.relational.core.mapping;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands for the library's annotation of this name. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Table {

  String value();

  String schema() default "";
}
