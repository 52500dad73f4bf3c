package dev.banyan.move.database;

/**
 * A column as the catalog describes it.
 *
 * @param name its name
 * @param type its type without length or scale, as SQL takes it
 * @param fullType its type with length and scale
 * @param category first letter of {@code pg_type.typtype}: b base, c composite, d domain, e enum, r range, m multirange
 * @param notNull whether nulls are refused
 * @param generated whether its value is computed from others
 * @param identityAlways whether it is {@code GENERATED ALWAYS AS IDENTITY}
 */
public record Column(String name, String type, String fullType, char category, boolean notNull, boolean generated,
    boolean identityAlways) {}
