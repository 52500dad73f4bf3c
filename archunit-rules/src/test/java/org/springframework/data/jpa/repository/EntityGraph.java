package org.springframework.data.jpa.repository;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands for the library's type of this name. */
@Retention(RetentionPolicy.RUNTIME)
public @interface EntityGraph {

  String[] attributePaths() default {};
}
