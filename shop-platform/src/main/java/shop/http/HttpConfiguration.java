package shop.http;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.json.JsonFactory;

/** What is looked at in each request to a resource before the resource gets it. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration implements WebMvcConfigurer {

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    // After those that have something to tell with every answer, refusals included.
    registry.addInterceptor(new AcceptedJson()).addPathPatterns("/api/**").order(Ordered.LOWEST_PRECEDENCE);
  }

  /** In the place of Spring Boot's own, and with the same settings. */
  @Bean
  static JsonFactory jsonFactory(ObjectProvider<JsonFactoryBuilderCustomizer> settings) {
    var builder = JsonFactory.builder();
    settings.orderedStream().forEach(setting -> setting.customize(builder));
    return new StorableJson(builder);
  }
}
