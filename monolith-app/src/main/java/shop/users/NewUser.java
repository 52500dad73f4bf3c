package shop.users;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jmolecules.ddd.annotation.ValueObject;
import org.jspecify.annotations.Nullable;
import shop.http.Modest;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a user registers with; without preferences they are empty.
 *
 * @param person the name in two parts, if that is how it was given
 */
@ValueObject
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewUser(
    @NotBlank @Email @Size(max = 320) String email,
    @NotBlank @Size(max = 200) String name,
    @JsonIgnore @Nullable PersonName person,
    @Nullable @Size(max = 50) String phone,
    @Nullable @Size(max = 100_000) String bio,
    @Nullable @Modest(levels = 100, characters = 100_000) ObjectNode preferences) {}
