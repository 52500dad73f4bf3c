package com.querydsl.core.types.dsl;

import com.querydsl.core.types.EntityPath;

/** Stands for the library's type of this name. */
public class EntityPathBase<T> implements EntityPath<T> {

  public EntityPathBase(Class<? extends T> type, String variable) {}
}
