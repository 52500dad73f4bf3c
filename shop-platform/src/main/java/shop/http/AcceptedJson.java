package shop.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses requests whose client does not accept JSON, or says what it accepts in no known form. Spring would find that out
 * when it writes the answer: by then the change is made that the client is told was not acceptable.
 */
final class AcceptedJson implements HandlerInterceptor {

  private static final HeaderContentNegotiationStrategy HEADER = new HeaderContentNegotiationStrategy();

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) throws HttpMediaTypeNotAcceptableException {
    if (HEADER.resolveMediaTypes(new ServletWebRequest(request)).stream().noneMatch(type -> type.includes(MediaType.APPLICATION_JSON))) {
      throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
    }
    return true;
  }
}
