package dev.banyan.rules.bytecode;

/**
 * A string that a class carries or puts together.
 *
 * @param value with {@link dev.banyan.rules.sql.TableName#HOLE} where something is put in at run time
 * @param where the member, as a reader finds it
 * @param line where it begins; 0 if the class file does not say
 * @param meaning what it is taken for
 */
public record Text(String value, String where, int line, Meaning meaning) {}
