(ns eckermann.check.liveness
  "How long nothing was acknowledged: during each fault, after it was healed, and when all was well.")

(def writes "Calls that end with an acknowledgement." #{:send :write :cas :enqueue :once :step :turn})

(defn acks "The times at which a write was acknowledged, in order." [calls]
  (into [] (comp (filter #(and (= :ok (:type %)) (writes (:f %)))) (map :complete)) (sort-by #(or (:complete %) 0) calls)))

(defn- between [^longs times from to]
  (let [at (fn [x] (let [i (java.util.Arrays/binarySearch times (long x))] (if (neg? i) (- (inc i)) i)))]
    (subvec (vec times) (at from) (max (at from) (at to)))))

(defn longest-gap
  "The longest time within [from, to] without an acknowledgement."
  [times from to]
  (->> (concat [from] (between times from to) [to]) (partition 2 1) (map (fn [[a b]] (- b a))) (reduce max 0)))

(defn well
  "The times between faults, from and to, when all was well. Faults may overlap."
  [faults from to]
  (let [[at wells] (reduce (fn [[at wells] {:keys [begin recovered]}] [(max at (or recovered to)) (conj wells [at begin])])
                           [from []] (sort-by :begin faults))]
    (filter (fn [[a b]] (< a b)) (conj wells [at to]))))

(defn check
  "Faults: {:begin :struck :healed :recovered :name}. Red when nothing was acknowledged for `patience` ns while all was well."
  ([faults calls end] (check faults calls end 10000000000))
  ([faults calls end patience]
   (let [times (long-array (acks calls))
         recovery (for [f faults
                        :let [until (or (:recovered f) end)
                              after (first (between times (or (:healed f) until) end))]]
                    {:number (:number f) :name (:name f) :with (:with f)
                     :unavailable-ns (longest-gap times (:begin f) until)
                     :after-heal-ns (when (and after (:healed f)) (- after (:healed f)))})
         silent (for [[from to] (well faults (or (first times) 0) (or (last times) end))
                      :when (< from to)
                      :let [gap (longest-gap times from to)]
                      :when (> gap patience)]
                  {:from from :to to :gap-ns gap})]
     {:valid? (and (empty? silent) (pos? (alength times)))
      :recovery (vec recovery)
      :silent-while-well (vec silent)
      :unavailable-max-ns (reduce max 0 (map :unavailable-ns recovery))})))
