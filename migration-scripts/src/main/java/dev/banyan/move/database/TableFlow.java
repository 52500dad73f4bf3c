package dev.banyan.move.database;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A table's rows on their way from the owner to the other side.
 *
 * @param source the owner's table
 * @param target the other side's table
 * @param columns the columns that flow; rows are arrays in this order
 * @param keyless whether rows may be alike: all columns together are what tells them apart, and nulls may be among them
 * @param sourceWhere which of the owner's rows flow; empty for all
 * @param targetWhere which of the other side's rows take part; empty for all
 */
public record TableFlow(TableName source, TableName target, List<FlowColumn> columns, boolean keyless,
    Optional<String> sourceWhere,
    Optional<String> targetWhere) {

  /** Asked for every change that is applied; a table flows once. */
  @Override
  public int hashCode() {
    return source.hashCode();
  }

  /** Returns the positions of the key's columns. */
  public int[] keyPositions() {
    return IntStream.range(0, columns.size()).filter(i -> columns.get(i).key()).toArray();
  }

  /** Returns the names of the columns where they come from. */
  public List<String> sourceColumns() {
    return columns.stream().map(FlowColumn::source).toList();
  }

  /** Returns the names of the columns where they go. */
  public List<String> targetColumns() {
    return columns.stream().map(FlowColumn::target).toList();
  }

  /** Tells whether rows can be copied in their binary form. */
  public boolean fitsInBinary() {
    return columns.stream().allMatch(FlowColumn::binary);
  }
}
