terraform {
  required_providers {
    foo = {
      source = "example.com/a/foo"
    }
  }
}
resource "foo_thing" "a" {
}
