/** First proposals for a code base that has not said yet who owns what: an ownership file, and borders. */
@NullMarked
package dev.banyan.rules.draft;

import org.jspecify.annotations.NullMarked;
