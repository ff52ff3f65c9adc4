b = "tfvars"
c = "tfvars"
d = "tfvars"
m = { x = "1" }
