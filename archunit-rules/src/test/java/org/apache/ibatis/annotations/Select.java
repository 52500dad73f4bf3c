package org.apache.ibatis.annotations;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands for the library's annotation of this name. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Select {

  String[] value();
}
