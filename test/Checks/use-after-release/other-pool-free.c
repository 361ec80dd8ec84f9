// RUN: %check_race %s race-use-after-release
//
// A function with the name of a library's, but not its types, is another one.

struct my_pool {
  int n;
};
void pool_free(struct my_pool *p, int slot);
int use(struct my_pool *p) {
  pool_free(p, 1);
  return p->n;
}
