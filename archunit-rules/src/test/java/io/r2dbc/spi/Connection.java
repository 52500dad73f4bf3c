package io.r2dbc.spi;

/** Stands for the library's type of this name. */
public interface Connection {

  Object createStatement(String sql);
}
