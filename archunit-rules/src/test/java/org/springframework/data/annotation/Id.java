package org.springframework.data.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands for the library's annotation of this name. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Id {}
