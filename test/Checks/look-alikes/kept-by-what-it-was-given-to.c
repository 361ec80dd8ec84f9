// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent but for what is marked: the table has taken a reference of its own, and what stores the pointer after
// the function has dropped its own one borrows from the table.
typedef struct redisObject { int type, refcount; } robj;
struct db;
struct key { struct db *db; robj *value; };
robj *createObject(void *value);
void setKey(struct db *db, const char *name, robj *o);
void decrRefCount(robj *o); // redis preset

void setValueGood(struct key *k, const char *name, void *value) {
  robj *o = createObject(value);
  setKey(k->db, name, o);
  decrRefCount(o);
  k->value = o;
}

int typeBad(struct key *k, const char *name, void *value) {
  robj *o = createObject(value);
  setKey(k->db, name, o);
  decrRefCount(o);
  return o->type;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'o' is used after its reference was dropped by 'decrRefCount'
}

void setAloneBad(struct key *k, void *value) {
  robj *o = createObject(value);
  decrRefCount(o);
  k->value = o;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'o' is stored after its reference was dropped by 'decrRefCount'
}
