package dev.banyan.move.database;

/**
 * A column on its way from one side to the other.
 *
 * @param source its name where it comes from
 * @param target its name where it goes
 * @param sourceType its type where it comes from, without length or scale
 * @param targetType its type where it goes, without length or scale
 * @param key whether it belongs to the columns that tell rows apart
 * @param identityAlways whether the target would rather make its values itself
 * @param binary whether the source's binary form of its values means the same to the target
 */
public record FlowColumn(String source, String target, String sourceType, String targetType, boolean key,
    boolean identityAlways, boolean binary) {}
