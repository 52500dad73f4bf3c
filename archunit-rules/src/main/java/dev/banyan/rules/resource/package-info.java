/** The files beside the classes that hold statements or mappings. */
@NullMarked
package dev.banyan.rules.resource;

import org.jspecify.annotations.NullMarked;
