package com.querydsl.core.types;

/** Stands for the library's type of this name. */
public interface EntityPath<T> {}
