output "a" { value = "one" }
