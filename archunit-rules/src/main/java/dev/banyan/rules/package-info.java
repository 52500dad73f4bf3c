/** Who owns which schema, and the rules that no module touches another one's. */
@NullMarked
package dev.banyan.rules;

import org.jspecify.annotations.NullMarked;
