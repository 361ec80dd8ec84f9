// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Godot: handles of the servers' objects, which may be given out anew.

#include <cstdint>

class RID {
  void *_data = nullptr;

public:
  bool is_valid() const { return _data != nullptr; }
};

class VisualServer {
public:
  static VisualServer *get_singleton();
  RID mesh_create();
  void mesh_clear(RID p_mesh);
  void instance_set_visible(RID p_instance, bool p_visible);
  void free(RID p_rid);
};

class Gizmo {
  RID mesh;
  RID instance;

public:
  void clear_bad() {
    VisualServer *vs = VisualServer::get_singleton();
    vs->free(mesh);
    vs->mesh_clear(mesh);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'mesh' is used after it was handed back to 'vs'
  }
  void clear_good() {
    VisualServer *vs = VisualServer::get_singleton();
    vs->mesh_clear(mesh);
    vs->free(mesh);
    mesh = RID();
  }
  void rebuild() {
    VisualServer *vs = VisualServer::get_singleton();
    vs->free(mesh);
    mesh = vs->mesh_create();
    vs->mesh_clear(mesh);
  }
  void twice(bool all) {
    VisualServer *vs = VisualServer::get_singleton();
    vs->free(instance);
    if (all)
      vs->free(instance);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'instance' is handed back twice
  }
  void if_valid() {
    VisualServer *vs = VisualServer::get_singleton();
    if (instance.is_valid())
      vs->free(instance);
    instance = RID();
  }
};
