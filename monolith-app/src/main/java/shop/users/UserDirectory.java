package shop.users;

import java.util.List;

/** All that can be done with users: what other modules use, and what only the REST resources need. */
interface UserDirectory extends Users {

  List<User> page(long after, int limit);

  List<User> search(String namePrefix, int limit);

  List<Address> addresses(UserId user);

  Address addAddress(UserId user, NewAddress address);

  Address replaceAddress(UserId user, long id, NewAddress address);

  void removeAddress(UserId user, long id);
}
