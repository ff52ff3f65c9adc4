terraform {
  required_providers {
    foo = 1
  }
}
