package com.querydsl.jpa.impl;

import com.querydsl.core.types.EntityPath;

/** Stands for the library's type of this name. */
public interface JPAQueryFactory {

  <T> Object selectFrom(EntityPath<T> from);

  Object delete(EntityPath<?> path);

  JPAQueryFactory join(EntityPath<?> target);
}
