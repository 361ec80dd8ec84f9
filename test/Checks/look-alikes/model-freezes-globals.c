// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: a modelled hand-back is believed not to change globals (addModel: ChangesGlobals = false),
// but freeClient sets server.master to null, as functions of the program itself may.
typedef struct client { int flags; } client;
struct { client *master; } server;
void freeClient(client *c);
int cron(void) {
  if (server.master && server.master->flags == 7)
    freeClient(server.master); // sets server.master = NULL
  return server.master && server.master->flags;
}
