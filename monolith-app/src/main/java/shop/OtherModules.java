package shop;

import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.TypeFilter;
import shop.owner.ClientPart;

/** The classes that this process does without: those of modules that it does not run, but for the way to what it calls. */
class OtherModules implements TypeFilter {

  private static final String ROOT = OtherModules.class.getPackageName() + ".";

  private final ShopModules modules;

  OtherModules(Environment environment) {
    this.modules = ShopModules.of(environment);
  }

  @Override
  public boolean match(MetadataReader type, MetadataReaderFactory types) {
    var module = module(type.getClassMetadata().getClassName());
    return module != null && !modules.run(module) && !(modules.call(module) && isClientPart(type));
  }

  private static @Nullable String module(String type) {
    var rest = type.startsWith(ROOT) ? type.substring(ROOT.length()) : "";
    var module = rest.substring(0, Math.max(0, rest.indexOf('.')));
    return ShopModules.all().contains(module) ? module : null;
  }

  private static boolean isClientPart(MetadataReader type) {
    return type.getAnnotationMetadata().hasAnnotation(ClientPart.class.getName());
  }
}
