package org.springframework.data.jpa.repository;

/** Stands for the library's type of this name. */
public interface JpaRepository<T, I> {

  T find(I id);
}
